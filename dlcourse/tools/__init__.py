"""The maker's workshop: the commands behind the course. No lesson imports it."""
