//! What a fault does to the body of an answer on its way out.

use std::convert::Infallible;
use std::io::{self, Write};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_ENCODING, HeaderMap, HeaderValue};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::stream::{self, StreamExt};
use serde_json::Value;

use super::dice::Dice;
use super::faults::Spoilt;

/// Into how many pieces a body is cut that comes piece by piece, and how far apart they come.
const PIECES: usize = 24;
const BETWEEN: Duration = Duration::from_millis(5);
/// How far apart the blanks come of a body that never ends.
const A_WHILE: Duration = Duration::from_millis(20);
/// How large a piece is of one that comes as fast as it is taken.
const TORRENT: usize = 64 * 1024;

/// The body as it is sent instead.
pub(super) fn spoil(body: Vec<u8>, how: Spoilt, dice: &mut Dice, headers: &mut HeaderMap) -> Body {
    let half = body.len() / 2;
    match how {
        Spoilt::Truncated => Body::from(body[..half].to_vec()),
        Spoilt::Malformed => Body::from([&body[..half], b"}\x01{]", &body[half..]].concat()),
        Spoilt::WrongTypes => match serde_json::from_slice(&body) {
            Ok(value) => Body::from(of_wrong_types(value, dice).to_string()),
            Err(_) => Body::from(body),
        },
        Spoilt::Gzip => {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            Body::from(packed(&body).unwrap_or_default())
        }
        Spoilt::Dribble => {
            let piece = body.len().div_ceil(PIECES).max(1);
            let pieces: Vec<Bytes> = body.chunks(piece).map(Bytes::copy_from_slice).collect();
            Body::from_stream(stream::iter(pieces).then(|piece| async {
                tokio::time::sleep(BETWEEN).await;
                Ok::<_, Infallible>(piece)
            }))
        }
        Spoilt::Reset => {
            let begun = stream::once(async move { Ok(Bytes::copy_from_slice(&body[..half])) });
            let broken = stream::once(async {
                // Without a moment in between nothing at all would be sent.
                tokio::time::sleep(A_WHILE).await;
                Err(io::Error::other("cut on purpose"))
            });
            Body::from_stream(begun.chain(broken))
        }
        Spoilt::Endless => without_end(body, 1, A_WHILE),
        Spoilt::Flood => without_end(body, TORRENT, Duration::ZERO),
    }
}

/// All but the last letter, and then blanks for ever.
fn without_end(body: Vec<u8>, blanks: usize, pause: Duration) -> Body {
    let begun = Bytes::copy_from_slice(&body[..body.len().saturating_sub(1)]);
    let blank = Bytes::from(vec![b' '; blanks]);
    let rest = stream::repeat(blank).then(move |blank| async move {
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
        Ok::<_, Infallible>(blank)
    });
    Body::from_stream(stream::once(async { Ok(begun) }).chain(rest))
}

fn packed(body: &[u8]) -> io::Result<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(body)?;
    packer.finish()
}

/// Every second value of another type; one container in four.
fn of_wrong_types(value: Value, dice: &mut Dice) -> Value {
    match value {
        Value::Array(items) => {
            let wrong = dice.chance(25);
            let items = items.into_iter().map(|item| of_wrong_types(item, dice));
            match wrong {
                true => Value::Object(items.enumerate().map(|(at, item)| (at.to_string(), item)).collect()),
                false => Value::Array(items.collect()),
            }
        }
        Value::Object(members) => {
            let wrong = dice.chance(25);
            let members = members.into_iter().map(|(key, value)| (key, of_wrong_types(value, dice)));
            match wrong {
                true => Value::Array(members.map(|(_, value)| value).collect()),
                false => Value::Object(members.collect()),
            }
        }
        other if dice.chance(50) => other,
        Value::Null => Value::Bool(false),
        Value::Bool(truth) => Value::String(truth.to_string()),
        Value::Number(number) => Value::String(number.to_string()),
        Value::String(text) => Value::from(text.len()),
    }
}
