/*
 * The worked client with one mistake on purpose: it goes on asking for ever while nothing comes.
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
static int token_continue(const uint8_t *page, uint64_t *offset)
{
	const uint64_t size = SWCCA_GRANULE - *offset;
	uint64_t r[SWCCA_REGISTERS] = { SWCCA_RSI_ATTESTATION_TOKEN_CONTINUE, SWCCA_IPA(page), *offset, size };

	smc_call(r);
	if (r[0] != SWCCA_RSI_SUCCESS && r[0] != SWCCA_RSI_INCOMPLETE)
		return -ENXIO;
	/* Whatever the RMM says, no more than there was room for has come. */
	if (r[1] > size)
		return -EPROTO;
	*offset += r[1];
	return (int)r[0];
}

int client_fetch_token(const uint8_t challenge[CLIENT_CHALLENGE_SIZE], uint8_t *page, uint8_t **token, size_t *length)
{
	const uint64_t bound = token_init(challenge);
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
			result = token_continue(page, &offset);
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
