//! The crate `ccatoken` as Trustee uses it: with a store of trust anchors and one of reference values. It reports what it
//! finds in two trust vectors; a token that it can read is never refused, so that the vectors are the answer.

use crate::{Finding, Request, Stage};
use ccatoken::store::{MemoRefValueStore, MemoTrustAnchorStore};
use ccatoken::token::Evidence;
use serde_json::json;
use std::error::Error;
use std::fs::read_to_string;

pub fn judge(token: &[u8], request: &Request, stage: &Stage) -> Result<Finding, Box<dyn Error>> {
    let anchors_json = read_to_string(request.tastore.as_deref().ok_or("no tastore")?)?;
    let references_json = read_to_string(request.rvstore.as_deref().ok_or("no rvstore")?)?;

    stage.set("stores");
    let mut anchors = MemoTrustAnchorStore::new();
    anchors.load_json(&anchors_json)?;
    let mut references = MemoRefValueStore::new();
    references.load_json(&references_json)?;

    stage.set("decode");
    let mut evidence = Evidence::decode(&token.to_vec())?;

    stage.set("verify");
    evidence.verify(&anchors)?;

    stage.set("appraise");
    evidence.appraise(&references)?;
    let (platform, realm) = evidence.get_trust_vectors();
    Ok(Finding { refusal: None, vectors: Some(json!({ "platform": platform, "realm": realm })) })
}
