"""Attacks on the API, as tests: who reaches what, what a foreign page may send, what is too much, what errors say."""
