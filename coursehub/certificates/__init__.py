"""Certificates: what they ask for, how they are issued, and how anybody can check one."""
