"""Publishing a course's folder, writing it out again, and making the files people take away."""
