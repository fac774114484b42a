"""The agent: one process of one user that other programs ask to use the card.

Its doors are sockets; what comes in through them is another program's and is checked before anything is done with it.
Nothing here prints, draws or reads the environment: whoever starts the agent passes in the ways to ask a person and the
words for the questions.
"""
