"""The publisher: changes → pages due (intake) → rendered outside any transaction → settled by compare-and-set."""
