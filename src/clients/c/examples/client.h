/*
 * A client that asks the RMM for an attestation token, as a driver does.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLIENT_H
#define CLIENT_H

#include <stddef.h>
#include <stdint.h>

#define CLIENT_CHALLENGE_SIZE 64

/* The longest token that the client has room for, and the answers in a row that may bring nothing. */
#define CLIENT_ROOM 0x10000
#define CLIENT_PATIENCE 1000

/*
 * Fetches a token for a challenge, by way of `page`, a granule of the guest's memory. Gives a token that the caller frees,
 * and returns 0; or gives nothing and returns a negative errno.
 */
int client_fetch_token(const uint8_t challenge[CLIENT_CHALLENGE_SIZE], uint8_t *page, uint8_t **token, size_t *length);

#endif
