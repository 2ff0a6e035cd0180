"""How this installation is: what somebody who looks after the server should know, in plain words, and what to do about it."""
