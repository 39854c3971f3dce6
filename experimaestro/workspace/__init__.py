"""What stands on disk: every path and record of a workspace, its index, and read-only views.

The job process reads `layout`, `records` and `events`: they load nothing that takes time.
"""
