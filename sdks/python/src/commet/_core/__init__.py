"""What every resource stands on, written by hand. Nothing here is promised to callers."""
