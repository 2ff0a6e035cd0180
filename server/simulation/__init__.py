"""An invented country that votes: for measuring pages at the size of the nation, and for trying them out. Its people do not exist,
and its votes have no archive behind them.

What of it is real: the 34 provinces and how many communes each has since 1 July 2025 (3,321), public holidays, office hours. All
else is assumed, stands here in constants, and is no finding about anybody.
"""
