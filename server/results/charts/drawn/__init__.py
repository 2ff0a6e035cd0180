"""How each chart is drawn: data in, an Altair chart out. Altair is loaded in the renderer's process only."""
