// Fills a local PouchDB (LevelDB) with the documents in a file of JSON lines, then replicates it; prints the seconds of the replication.
const fs = require("fs");
const PouchDB = require("pouchdb");

const [, , folder, file, address] = process.argv;

(async () => {
  const documents = fs.readFileSync(file, "utf8").trimEnd().split("\n").map((line) => {
    const { id, ...rest } = JSON.parse(line);
    return { _id: id, ...rest };
  });
  const local = new PouchDB(folder);
  for (let at = 0; at < documents.length; at += 1000) await local.bulkDocs(documents.slice(at, at + 1000));
  const remote = new PouchDB(address);
  await remote.info();
  const began = process.hrtime.bigint();
  const done = await local.replicate.to(remote, { batch_size: 1000 });
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  if (!done.ok || done.docs_written !== documents.length) throw new Error(`only ${done.docs_written} arrived`);
  const { doc_count } = await remote.info();
  if (doc_count !== documents.length) throw new Error(`the server holds ${doc_count}`);
  console.log(seconds);
})();
