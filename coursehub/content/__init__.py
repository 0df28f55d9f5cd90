"""Courses as content: the folder of files, its checks, its published versions and their pages."""
