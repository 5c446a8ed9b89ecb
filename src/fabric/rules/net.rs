//! Net: addresses, prefixes and MAC addresses as Hedgehog reads them.

use std::net::IpAddr;

use ipnet::IpNet;

/// Reads `10.0.0.0/24`; bits behind the prefix are allowed.
pub(crate) fn prefix(text: &str) -> Option<IpNet> {
    let (address, length) = text.split_once('/')?;
    let is_plain = length == "0" || (!length.starts_with('0') && length.bytes().all(|byte| byte.is_ascii_digit()));
    IpNet::new(address.parse().ok()?, length.parse().ok().filter(|_| is_plain)?).ok()
}

/// Reads an address.
pub(crate) fn address(text: &str) -> Option<IpAddr> {
    text.parse().ok()
}

/// Whether no bit behind the prefix is set.
pub(crate) fn is_canonical(net: &IpNet) -> bool {
    net.addr() == net.network()
}

/// Whether two prefixes share an address.
pub(crate) fn overlap(a: &IpNet, b: &IpNet) -> bool {
    a.contains(b) || b.contains(a)
}

/// Reads a MAC address as Go does: `00:11:22:33:44:55`, `00-11-…`, `0011.2233.4455`; 6, 8 or 20 bytes.
pub(crate) fn mac(text: &str) -> Option<Vec<u8>> {
    let (separator, digits) = match text.as_bytes() {
        [_, _, separator @ (b':' | b'-'), ..] => (char::from(*separator), 2),
        [_, _, _, _, b'.', ..] => ('.', 4),
        _ => return None,
    };
    let mut bytes = Vec::new();
    for group in text.split(separator) {
        if group.len() != digits || !group.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        for at in (0..digits).step_by(2) {
            bytes.push(u8::from_str_radix(&group[at..at + 2], 16).ok()?);
        }
    }
    matches!(bytes.len(), 6 | 8 | 20).then_some(bytes)
}

/// The pairs (inside, around) of prefixes that overlap and that `apart` says should not; one a prefix.
pub(crate) fn overlaps(nets: &[IpNet], apart: impl Fn(usize, usize) -> bool) -> Vec<(usize, usize)> {
    let mut order: Vec<usize> = (0..nets.len()).collect();
    order.sort_by_key(|at| (nets[*at].network(), nets[*at].prefix_len(), *at));
    let (mut around, mut pairs): (Vec<usize>, Vec<(usize, usize)>) = (Vec::new(), Vec::new());
    for at in order {
        around.retain(|outer| nets[*outer].broadcast() >= nets[at].network());
        if let Some(outer) = around.iter().rev().find(|outer| apart(at, **outer)) {
            pairs.push((at, *outer));
        }
        around.push(at);
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_read_strictly() {
        for text in ["10.0.0.0/24", "10.0.0.7/24", "0.0.0.0/0", "2001:db8::/32"] {
            assert!(prefix(text).is_some(), "{text}");
        }
        for text in ["10.0.0.0", "10.0.0.0/33", "10.0.0.0/024", "010.0.0.0/8", "10.0.0/24", "10.0.0.0/+8", "/8", "a/8"]
        {
            assert!(prefix(text).is_none(), "{text}");
        }
        assert!(is_canonical(&prefix("10.0.0.0/24").unwrap()) && !is_canonical(&prefix("10.0.0.7/24").unwrap()));
    }

    #[test]
    fn mac_addresses_are_read_as_go_reads_them() {
        for text in ["00:11:22:aa:BB:cc", "00-11-22-aa-bb-cc", "0011.22aa.bbcc", "00:11:22:33:44:55:66:77"] {
            assert!(mac(text).is_some(), "{text}");
        }
        for text in ["", "00:11:22:33:44", "00:11:22:33:44-55", "0:1:2:3:4:5", "00:11:22:33:44:gg", "001122334455"] {
            assert!(mac(text).is_none(), "{text}");
        }
    }

    #[test]
    fn overlaps_are_found_once_a_prefix() {
        let nets: Vec<IpNet> = ["10.0.0.0/16", "10.0.1.0/24", "10.1.0.0/24", "10.0.1.128/25", "10.1.0.0/24"]
            .iter()
            .map(|text| prefix(text).unwrap())
            .collect();
        assert_eq!(overlaps(&nets, |_, _| true), [(1, 0), (3, 1), (4, 2)]);
        assert_eq!(overlaps(&nets, |a, b| a + b != 4), [(1, 0), (3, 0), (4, 2)]);
    }
}
