// The screen in the lobby: nobody touches it, so it reads the page anew by itself.
setTimeout(() => location.reload(), 5 * 60 * 1000);
