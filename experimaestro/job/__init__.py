"""The process of a job: reads the parameters, runs the task, records how it ended."""
