"""The runner with a real store and the simulated vendor; where a test must act in the middle of a run, it stands at the port."""
