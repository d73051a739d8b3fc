"""Words the demo story is made of: invented units, places, people, problems. Pure data, nothing computed."""
