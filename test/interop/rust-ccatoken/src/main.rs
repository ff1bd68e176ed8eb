//! Judges CCA tokens with one of two verifiers: `rust-ccatoken ccatoken` or `rust-ccatoken cose` with the platform's public
//! key, `rust-ccatoken stores` with the stores of the former.
//!
//! Each line of standard input names a token and the key, or the stores:
//!
//! ```json
//! {"token": "token.cbor", "key": "cpak.jwk.json"}
//! {"token": "token.cbor", "tastore": "ta.json", "rvstore": "rv.json"}
//! ```
//!
//! and each is answered, in order, by one line of standard output:
//!
//! ```json
//! {"accepted": false, "stage": "verify", "error": "…"}
//! ```
//!
//! Stages: "input" (a file of the request cannot be read), "stores", "decode", "verify" and "appraise". A panic of the
//! library is an answer like any other, marked "panic".

mod ccatoken_judge;
mod cose_judge;
mod stores_judge;

use serde::{Deserialize, Serialize};
use std::any::Any;
use std::cell::Cell;
use std::error::Error;
use std::io::{self, BufRead, Write};
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

#[derive(Deserialize)]
struct Request {
    token: String,
    key: Option<String>,
    tastore: Option<String>,
    rvstore: Option<String>,
}

impl Request {
    /// The text of the file with the key.
    fn key(&self) -> Result<String, Box<dyn Error>> {
        Ok(std::fs::read_to_string(self.key.as_deref().ok_or("no key")?)?)
    }
}

#[derive(Default, Serialize)]
struct Verdict {
    accepted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    panic: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    vectors: Option<serde_json::Value>,
}

/// The stage that a judge has reached: set before it is entered, so that a panic is blamed on the right one.
type Stage = Cell<&'static str>;

/// What a judge found: refusals are errors, trust vectors are shown where the verifier has any.
struct Finding {
    refusal: Option<String>,
    vectors: Option<serde_json::Value>,
}

type Judge = fn(&[u8], &Request, &Stage) -> Result<Finding, Box<dyn Error>>;

fn main() -> ExitCode {
    let judge: Judge = match std::env::args().nth(1).as_deref() {
        Some("ccatoken") => ccatoken_judge::judge,
        Some("cose") => cose_judge::judge,
        Some("stores") => stores_judge::judge,
        _ => {
            eprintln!("usage: rust-ccatoken ccatoken|cose|stores");
            return ExitCode::from(2);
        }
    };
    panic::set_hook(Box::new(|_| {}));
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let answer = line.and_then(|text| Ok(serde_json::to_string(&answer(judge, &text))?));
        if let Err(error) = answer.and_then(|text| writeln!(out, "{text}").and_then(|()| out.flush())) {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn answer(judge: Judge, line: &str) -> Verdict {
    let stage = Stage::new("input");
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| {
        let request: Request = serde_json::from_str(line)?;
        let token = std::fs::read(&request.token)?;
        judge(&token, &request, &stage)
    }));
    let refused = |error: String, panic: bool| Verdict {
        stage: Some(stage.get()),
        error: Some(error),
        panic,
        ..Verdict::default()
    };
    match outcome {
        Ok(Ok(Finding { refusal: None, vectors })) => Verdict { accepted: true, vectors, ..Verdict::default() },
        Ok(Ok(Finding { refusal: Some(error), vectors })) => Verdict { vectors, ..refused(error, false) },
        Ok(Err(error)) => refused(error.to_string(), false),
        Err(payload) => refused(panic_text(payload.as_ref()), true),
    }
}

fn panic_text(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("panic").to_string()
}
