"""Citizens' written comments: sealed bytes apart from the ledgers, so that they can vanish while the chains stay whole."""
