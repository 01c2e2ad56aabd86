"""DAGSTER BEGINS HERE: the lecture graph as assets, runs, sensors, pools. Decides nothing about lectures; the runner does."""
