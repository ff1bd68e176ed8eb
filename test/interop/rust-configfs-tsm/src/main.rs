//! Fetches reports as an attester does that knows nothing of swcca: for each challenge on standard input (64 bytes in
//! hexadecimal, one a line) a line of JSON with the report, or with the error that the library gives. The library asks
//! for the provider by name.

use std::io::stdin;

const PROVIDER: &str = "arm_cca_guest";

fn challenge(line: &str) -> [u8; 64] {
    let mut bytes = [0; 64];
    assert_eq!(line.len(), 2 * bytes.len(), "a challenge has 64 bytes");
    for (i, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&line[2 * i..2 * i + 2], 16).expect("hexadecimal");
    }
    bytes
}

fn main() {
    for line in stdin().lines() {
        let input = challenge(line.expect("a line").trim());
        match configfs_tsm::create_quote_with_providers(input, vec![PROVIDER]) {
            Ok(report) => {
                let hex: String = report.iter().map(|byte| format!("{byte:02x}")).collect();
                println!(r#"{{"provider":"{PROVIDER}\n","outblob":"{hex}","error":""}}"#);
            }
            Err(error) => println!(r#"{{"provider":"","outblob":"","error":{:?}}}"#, error.to_string()),
        }
    }
}
