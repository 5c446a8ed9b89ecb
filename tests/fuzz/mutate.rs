//! Mutation: texts that people might write, damaged at random, the same for the same seed.

/// Texts to begin with.
pub(crate) const SEEDS: &[&str] = &[
    include_str!("../../assets/demo/test-vpc.yaml"),
    "# head\n---\napiVersion: v1\nkind: List\nitems:\n# one\n- kind: A\n  spec: {a: [1, 'b'], c: |\n      x}\n- kind: B\n",
    "a: &x {b: 1, c: [2, 3]}\nd: *x\ne:\n  <<: *x\n  b: 4\n...\n# c\n%YAML 1.2\n---\n|+\n  text\n\n  # more\n\n",
    "{\"kind\": \"List\", \"apiVersion\": \"v1\", \"items\": [{\"kind\": \"VPC\"}, {\"a\": [1, 2.5e3, null]}]}\n",
    "metadata:\n  uid: 1\n  labels:\n    fabric.githedgehog.com/a: b\n    mine: >-\n      folded\n\n      text\nstatus:\n- 1\n",
    "--- {a: b}\n--- |\n  block\n  ---\n--- 'quoted\n\n  lines'\n---\n? key\n: value\n# apiVersion: x\n# kind: Y\n",
];

const TOKENS: &[&str] = &[
    "\n",
    "\n\n",
    "\n  ",
    "\n    ",
    " ",
    "\t",
    "\r\n",
    "\r",
    "---\n",
    "--- ",
    "...\n",
    "- ",
    ": ",
    ":",
    "? ",
    "#",
    " # c\n",
    "# c\n",
    "  # c\n",
    "|",
    "|+\n",
    "|-\n",
    "|2\n",
    ">",
    ">-\n",
    "'",
    "\"",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "&x ",
    "*x",
    "<<: ",
    "!!str ",
    "!x ",
    "%YAML 1.1\n",
    "%TAG ! x\n",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "\u{a0}",
    "\0",
    "\x1b",
    "é",
    "😀",
    "\\",
    "{{ x }}",
    "$(x)",
    "<x>",
    "~",
    "null",
    "no",
    "0x1",
    "1_0",
    ".inf",
    "kind: List\n",
    "items:\n",
    "status: {}\n",
    "# apiVersion: x\n# kind: Y\n",
    "  uid: 1\n",
    "metadata:\n",
    "apiVersion: v1\n",
    "kind: Secret\n",
    "a: 1\n",
    "@",
    "`",
];

/// A source of numbers (xorshift), the same for the same seed.
#[derive(Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    /// A source from a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or(0) % most.max(1)
    }
}

/// One damaged text.
pub(crate) fn text(dice: &mut Dice) -> Vec<u8> {
    let mut text = SEEDS[dice.below(SEEDS.len())].as_bytes().to_vec();
    text.truncate(600);
    for _ in 0..=dice.below(12) {
        damage(&mut text, dice);
    }
    text
}

fn damage(text: &mut Vec<u8>, dice: &mut Dice) {
    let at = dice.below(text.len() + 1);
    let end = (at + dice.below(20)).min(text.len());
    match dice.below(6) {
        0 => drop(text.drain(at..end)),
        1 => {
            let piece = text[at..end].to_vec();
            let goal = dice.below(text.len() + 1);
            text.splice(goal..goal, piece);
        }
        2 => {
            let other = SEEDS[dice.below(SEEDS.len())].as_bytes();
            let from = dice.below(other.len());
            let piece = &other[from..(from + dice.below(80)).min(other.len())];
            text.splice(at..at, piece.iter().copied());
        }
        3 if at < text.len() => text[at] ^= 1 << dice.below(8),
        _ => {
            let token = TOKENS[dice.below(TOKENS.len())];
            text.splice(at..at, token.bytes());
        }
    }
}
