"""Studying: the lesson player, the facts about what was done, and the progress they make."""
