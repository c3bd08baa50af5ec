"""What the client scripts share. None of it knows what footbridge answers: expected answers are AWS's."""
