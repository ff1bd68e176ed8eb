//! The crate `ccatoken` as it is meant to be used: decode, then verify with the key of this platform.

use crate::{Finding, Request, Stage};
use ccatoken::store::Cpak;
use ccatoken::token::Evidence;
use serde_json::{json, value::RawValue};
use std::error::Error;

/// `trustworthy` in the claim "instance-identity" of an AR4SI trust vector.
const TRUSTWORTHY: i8 = 2;

pub fn judge(token: &[u8], request: &Request, stage: &Stage) -> Result<Finding, Box<dyn Error>> {
    let raw_pkey = RawValue::from_string(request.key()?.trim().to_string())?;

    stage.set("decode");
    let mut evidence = Evidence::decode(&token.to_vec())?;

    stage.set("verify");
    let mut cpak = Cpak::new();
    cpak.raw_pkey = raw_pkey;
    cpak.impl_id = evidence.platform_claims.impl_id;
    cpak.inst_id = evidence.platform_claims.inst_id;
    cpak.parse_pkey()?;
    evidence.verify_with_cpak(cpak)?;

    // The crate reports a broken binding in the trust vector of the Realm alone: its functions return Ok.
    let (platform, realm) = evidence.get_trust_vectors();
    let affirmed = [platform, realm].into_iter().all(|vector| {
        vector.instance_identity.get() == TRUSTWORTHY && vector.into_iter().all(|claim| (-32..32).contains(&claim.get()))
    });
    Ok(Finding {
        refusal: (!affirmed).then(|| "a trust vector is not affirming".to_string()),
        vectors: Some(json!({ "platform": platform, "realm": realm })),
    })
}
