//! A test in Rust that takes its tokens from swcca: one that a verifier has to accept, and some that it has to refuse.
//!
//!     SWCCA="npx swcca" cargo test
//!
//! The verifier is the crate ccatoken, which knows the legacy profile alone; put your own in its place.

use ccatoken::store::Cpak;
use ccatoken::token::Evidence;
use serde_json::value::RawValue;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Lets swcca write tokens into a folder.
fn corpus(name: &str, ids: &[&str]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    let swcca = std::env::var("SWCCA").unwrap_or("npx swcca".to_string());
    let mut words = swcca.split_whitespace();
    let out = Command::new(words.next().expect("SWCCA names a command"))
        .args(words)
        .args(["corpus", "--dialect", "rmm-1.0-legacy", "--only", &ids.join(","), "--out"])
        .arg(&folder)
        .output()
        .expect("swcca runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    folder
}

fn verify(token: &Vec<u8>, jwk: String) -> Result<(), Box<dyn Error>> {
    let mut evidence = Evidence::decode(token)?;
    let mut cpak = Cpak::new();
    cpak.raw_pkey = RawValue::from_string(jwk.trim().to_string())?;
    cpak.impl_id = evidence.platform_claims.impl_id;
    cpak.inst_id = evidence.platform_claims.inst_id;
    cpak.parse_pkey()?;
    Ok(evidence.verify_with_cpak(cpak)?)
}

#[test]
fn the_verifier_takes_what_is_good_and_nothing_else() {
    let ids = ["V03", "C01", "C02", "C03", "C04"];
    let folder = corpus("verdicts", &ids);
    for id in ids {
        let text = std::fs::read_to_string(folder.join(format!("{id}.json"))).unwrap();
        let is: serde_json::Value = serde_json::from_str(&text).unwrap();
        let key = folder.join(format!("{}.jwk.json", is["given"]["key"].as_str().unwrap()));
        let token = std::fs::read(folder.join(format!("{id}.cbor"))).unwrap();
        let verdict = verify(&token, std::fs::read_to_string(key).unwrap());
        assert_eq!(verdict.is_ok(), is["verdict"] == "must-accept", "{id}, {}: {verdict:?}", is["change"]);
    }
}
