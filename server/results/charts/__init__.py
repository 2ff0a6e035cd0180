"""Charts of results: what is drawn, how, and where it is kept. Pages use only the tag of `server.results.templatetags.charts`."""
