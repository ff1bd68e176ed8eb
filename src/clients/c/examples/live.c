/*
 * Fetches a token from a bridge and writes it to standard output:
 *
 *   swcca serve -- ./live [--record FILE] < CHALLENGE > TOKEN
 *
 * The challenge is 64 bytes. `swcca serve` says where the bridge is: SWCCA_SOCKET, SWCCA_MEMORY, SWCCA_IPA_BASE.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client.h"
#include "swcca.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int connect_to_bridge(const char *recording, uint64_t base)
{
	const char *socket = getenv("SWCCA_SOCKET");
	const char *memory = getenv("SWCCA_MEMORY");
	int error;

	if (socket == NULL || memory == NULL) {
		fprintf(stderr, "live: SWCCA_SOCKET or SWCCA_MEMORY is not set; run it under `swcca serve --`\n");
		return 2;
	}
	error = swcca_use_live(socket, memory, base);
	if (error == 0 && recording != NULL)
		error = swcca_record(recording);
	if (error != 0)
		fprintf(stderr, "live: %s\n", strerror(error));
	return error == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
	const char *base_text = getenv("SWCCA_IPA_BASE");
	const uint64_t base = base_text == NULL ? 0 : strtoull(base_text, NULL, 0);
	uint8_t challenge[CLIENT_CHALLENGE_SIZE];
	uint8_t *token;
	size_t length;
	int error;

	if (argc != 1 && !(argc == 3 && strcmp(argv[1], "--record") == 0)) {
		fprintf(stderr, "usage: live [--record FILE] < CHALLENGE > TOKEN\n");
		return 2;
	}
	if (fread(challenge, 1, sizeof challenge, stdin) != sizeof challenge) {
		fprintf(stderr, "live: standard input has no challenge of 64 bytes\n");
		return 2;
	}
	error = connect_to_bridge(argc == 3 ? argv[2] : NULL, base);
	if (error != 0)
		return error;
	/* The last granule of the memory takes what the RMM writes. */
	error = client_fetch_token(challenge, SWCCA_POINTER(base + swcca_memory_size() - SWCCA_GRANULE), &token, &length);
	if (error != 0) {
		fprintf(stderr, "live: no token: %s\n", strerror(-error));
		return 1;
	}
	fwrite(token, 1, length, stdout);
	free(token);
	swcca_close();
	return 0;
}
