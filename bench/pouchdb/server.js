// express-pouchdb over LevelDB on a free port of 127.0.0.1; prints the port, and at SIGTERM the bytes that it received.
const express = require("express");
const PouchDB = require("pouchdb").defaults({ prefix: process.argv[2] + "/" });

const app = express();
app.use("/", require("express-pouchdb")(PouchDB, { inMemoryConfig: true, logPath: process.argv[2] + "/log" }));
let received = 0;
const open = new Set();
const server = app.listen(0, "127.0.0.1", () => console.log(server.address().port));
server.on("connection", (socket) => {
  open.add(socket);
  socket.on("close", () => { received += socket.bytesRead; open.delete(socket); });
});
process.on("SIGTERM", () => {
  for (const socket of open) received += socket.bytesRead;
  console.log(received);
  process.exit(0);
});
