"""Training: enrolments, lessons, quizzes, reflections, and what is sent to review."""
