//! The nearest known word to one that is not known.

/// The candidate a user most likely meant; none if nothing is near.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (distance(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.chars().count().max(3) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn distance(left: &str, right: &str) -> usize {
    strsim::damerau_levenshtein(left, right)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_finds_its_word_and_another_word_finds_none() {
        let known = ["repository", "directory", "profile"];
        assert_eq!(nearest("direcotry", known), Some("directory"));
        assert_eq!(nearest("Profile", known), Some("profile"));
        assert_eq!(nearest("banana", known), None);
        assert_eq!(nearest("dc2", ["dc1", "lab"]), Some("dc1"));
        assert_eq!(nearest("", known), None);
    }
}
