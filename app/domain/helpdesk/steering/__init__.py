"""What the help desk runs on, as its supervisors change it: each noun a file, every change kept with before and after.

Nothing is deleted: what shall not hold any more gets a last day.
"""
