//! What the program may ask of git, and which half answers; why.
