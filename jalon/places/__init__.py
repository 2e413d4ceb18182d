"""Places: school bodies, their schools, and the territories that a police service covers."""
