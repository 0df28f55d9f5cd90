"""What people do in a course, and what is done with its editions."""

from coursehub.learning.actions.completions import complete, completion_id, earn, reach, take_back
from coursehub.learning.actions.moving import Move, move, plan_move

__all__ = ["Move", "complete", "completion_id", "earn", "move", "plan_move", "reach", "take_back"]
