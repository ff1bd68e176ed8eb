/*
 * Fetches a token from a bridge and writes it to standard output: live SOCKET MEMORY BASE [--record FILE]
 *
 * BASE is the IPA of the first byte of the memory file. The challenge is 64 bytes of standard input.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client.h"
#include "swcca.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
	uint8_t challenge[CLIENT_CHALLENGE_SIZE];
	uint8_t *token;
	uint64_t base;
	size_t length;
	int error;

	if (argc != 4 && !(argc == 6 && strcmp(argv[4], "--record") == 0)) {
		fprintf(stderr, "usage: live SOCKET MEMORY BASE [--record FILE] < CHALLENGE > TOKEN\n");
		return 2;
	}
	if (fread(challenge, 1, sizeof challenge, stdin) != sizeof challenge) {
		fprintf(stderr, "live: standard input has no challenge of 64 bytes\n");
		return 2;
	}
	base = strtoull(argv[3], NULL, 0);
	error = swcca_use_live(argv[1], argv[2], base);
	if (error == 0 && argc == 6)
		error = swcca_record(argv[5]);
	if (error != 0) {
		fprintf(stderr, "live: %s\n", strerror(error));
		return 1;
	}
	error = client_fetch_token(challenge, SWCCA_POINTER(base), &token, &length);
	if (error != 0) {
		fprintf(stderr, "live: no token: %s\n", strerror(-error));
		return 1;
	}
	fwrite(token, 1, length, stdout);
	free(token);
	swcca_close();
	return 0;
}
