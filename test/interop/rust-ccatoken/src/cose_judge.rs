//! Both COSE_Sign1 messages of a token judged by the crate `cose-rust` alone: it reads the messages and the COSE_Key
//! of the RAK and checks the two signatures. It knows nothing of claims; the two labels that lead to the RAK are ours.

use crate::{Finding, Request, Stage};
use base64::{engine::general_purpose::URL_SAFE_NO_PAD, Engine};
use ciborium::Value;
use cose::keys::{CoseKey, EC2, KEY_OPS_VERIFY, P_256, P_384, P_521};
use cose::message::CoseMessage;
use std::error::Error;

const COLLECTION_TAG: u64 = 399;
const CMW_COLLECTION_TAG: u64 = 907;
const PLATFORM_TOKEN: i128 = 44234;
const REALM_TOKEN: i128 = 44241;
const REALM_PUBLIC_KEY: i128 = 44237;
const UNCOMPRESSED_P384_POINT: usize = 97;

pub fn judge(token: &[u8], request: &Request, stage: &Stage) -> Result<Finding, Box<dyn Error>> {
    let cpak = key_of_jwk(&request.key()?)?;

    stage.set("decode");
    let collection = match ciborium::from_reader(token)? {
        Value::Tag(COLLECTION_TAG | CMW_COLLECTION_TAG, map) => *map,
        _ => return Err("not a CCA token collection with tag 399 or 907".into()),
    };
    let mut platform = message("platform token", entry_at(&collection, PLATFORM_TOKEN)?)?;
    let mut realm = message("realm token", entry_at(&collection, REALM_TOKEN)?)?;
    let claims = ciborium::from_reader(realm.payload.as_slice())?;
    let rak = key_of_claim(bytes_at(&claims, REALM_PUBLIC_KEY)?)?;

    stage.set("verify");
    verify("platform token", &mut platform, cpak)?;
    verify("realm token", &mut realm, rak)?;
    Ok(Finding { refusal: None, vectors: None })
}

fn value_at(map: &Value, label: i128) -> Result<&Value, Box<dyn Error>> {
    let entries = map.as_map().ok_or("not a map")?;
    let entry = entries.iter().find(|(key, _)| key.as_integer().map(i128::from) == Some(label));
    Ok(&entry.ok_or_else(|| format!("no entry {label}"))?.1)
}

fn bytes_at(map: &Value, label: i128) -> Result<Vec<u8>, Box<dyn Error>> {
    let value = value_at(map, label)?;
    Ok(value.as_bytes().ok_or_else(|| format!("entry {label} is not a byte string"))?.clone())
}

/// An entry of the collection: a byte string, or the record of a CMW, whose second item it is.
fn entry_at(collection: &Value, label: i128) -> Result<Vec<u8>, Box<dyn Error>> {
    match value_at(collection, label)?.as_array().map(Vec::as_slice) {
        Some([_, Value::Bytes(token)]) => Ok(token.clone()),
        Some(_) => Err(format!("entry {label} is not a record").into()),
        None => bytes_at(collection, label),
    }
}

fn message(what: &str, bytes: Vec<u8>) -> Result<CoseMessage, Box<dyn Error>> {
    let mut message = CoseMessage::new_sign();
    message.bytes = bytes;
    message.init_decoder(None).map_err(|e| format!("{what}: {e:?}"))?;
    Ok(message)
}

fn verify(what: &str, message: &mut CoseMessage, mut key: CoseKey) -> Result<(), Box<dyn Error>> {
    key.key_ops(vec![KEY_OPS_VERIFY]);
    message.key(&key).map_err(|e| format!("{what}: {e:?}"))?;
    message.decode(None, None).map_err(|e| format!("{what}: {e:?}"))?;
    Ok(())
}

/// The RAK as its claim carries it: a COSE_Key, or, before the realm profile, a raw point.
fn key_of_claim(claim: Vec<u8>) -> Result<CoseKey, Box<dyn Error>> {
    if claim.len() == UNCOMPRESSED_P384_POINT && claim[0] == 4 {
        let (x, y) = claim[1..].split_at(UNCOMPRESSED_P384_POINT / 2);
        return Ok(point(P_384, x.to_vec(), y.to_vec()));
    }
    let mut key = CoseKey::new();
    key.bytes = claim;
    key.decode().map_err(|e| format!("COSE_Key of the RAK: {e:?}"))?;
    Ok(key)
}

fn key_of_jwk(text: &str) -> Result<CoseKey, Box<dyn Error>> {
    let jwk: serde_json::Value = serde_json::from_str(text)?;
    let curve = match jwk["crv"].as_str() {
        Some("P-256") => P_256,
        Some("P-384") => P_384,
        Some("P-521") => P_521,
        _ => return Err("the key is not on P-256, P-384 or P-521".into()),
    };
    let coordinate = |name: &str| -> Result<Vec<u8>, Box<dyn Error>> {
        Ok(URL_SAFE_NO_PAD.decode(jwk[name].as_str().ok_or_else(|| format!("no member {name}"))?)?)
    };
    Ok(point(curve, coordinate("x")?, coordinate("y")?))
}

fn point(curve: i32, x: Vec<u8>, y: Vec<u8>) -> CoseKey {
    let mut key = CoseKey::new();
    key.kty(EC2);
    key.crv(curve);
    key.x(x);
    key.y(y);
    key
}
