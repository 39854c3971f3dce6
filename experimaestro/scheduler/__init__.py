"""From submitted tasks to finished jobs."""
