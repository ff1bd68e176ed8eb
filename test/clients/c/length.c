/*
 * The worked client with one mistake on purpose: the length that the RMM tells is believed, whatever room there was.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client.h"
#include "swcca.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Begins a token. Returns the upper bound of its size, or 0. */
static uint64_t token_init(const uint8_t challenge[CLIENT_CHALLENGE_SIZE])
{
	uint64_t r[SWCCA_REGISTERS] = { SWCCA_RSI_ATTESTATION_TOKEN_INIT };
	unsigned int i;

	for (i = 0; i < CLIENT_CHALLENGE_SIZE; i++)
		r[1 + i / 8] |= (uint64_t)challenge[i] << (8 * (i % 8));
	smc_call(r);
	return r[0] == SWCCA_RSI_SUCCESS ? r[1] : 0;
}

/* Fetches bytes into the page from `*offset` on, and moves it on by what came. Returns the status, or a negative errno. */
static int token_continue(const uint8_t *page, uint64_t *offset, unsigned int *waits)
{
	const uint64_t size = SWCCA_GRANULE - *offset;
	uint64_t r[SWCCA_REGISTERS] = { SWCCA_RSI_ATTESTATION_TOKEN_CONTINUE, SWCCA_IPA(page), *offset, size };

	smc_call(r);
	if (r[0] != SWCCA_RSI_SUCCESS && r[0] != SWCCA_RSI_INCOMPLETE)
		return -ENXIO;
	/* An interrupt may come before a byte does; but not for ever. */
	*waits = r[1] == 0 ? *waits + 1 : 0;
	if (*waits > CLIENT_PATIENCE)
		return -ETIMEDOUT;
	*offset += r[1];
	return (int)r[0];
}

int client_fetch_token(const uint8_t challenge[CLIENT_CHALLENGE_SIZE], uint8_t *page, uint8_t **token, size_t *length)
{
	const uint64_t bound = token_init(challenge);
	unsigned int waits = 0;
	uint64_t have = 0;
	uint8_t *buffer;
	int result;

	if (bound == 0 || bound > CLIENT_ROOM)
		return -EINVAL;
	buffer = malloc(bound);
	if (buffer == NULL)
		return -ENOMEM;
	do {
		uint64_t offset = 0;

		do
			result = token_continue(page, &offset, &waits);
		while (result == SWCCA_RSI_INCOMPLETE && offset < SWCCA_GRANULE);
		if (result >= 0 && offset > bound - have)
			result = -EPROTO;
		if (result < 0) {
			free(buffer);
			return result;
		}
		memcpy(buffer + have, page, offset);
		have += offset;
		/* A full granule with INCOMPLETE is no error: the next one follows. */
	} while (result == SWCCA_RSI_INCOMPLETE);
	*token = buffer;
	*length = have;
	return 0;
}
