/*
 * Driver-like loops a second against the script back end: each an INIT, CONTINUE until the token is there, and a copy of
 * the token, by the worked client. Prints the milliseconds of processor time that the loops took.
 */
#include "client.h"
#include "swcca.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static _Alignas(SWCCA_GRANULE) uint8_t page[SWCCA_GRANULE];

int main(int argc, char **argv)
{
	static const uint8_t challenge[CLIENT_CHALLENGE_SIZE] = { 1 };
	const long loops = argc == 3 ? strtol(argv[1], NULL, 10) : 0;
	const long total = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
	const uint8_t script[] = { (uint8_t)total, (uint8_t)(total >> 8), 0, 0 };
	clock_t start;
	long i;

	swcca_memory(0x80000000, page, sizeof page);
	start = clock();
	for (i = 0; i < loops; i++) {
		uint8_t *token;
		size_t length;

		swcca_use_script(script, sizeof script);
		if (client_fetch_token(challenge, page, &token, &length) != 0)
			return 1;
		free(token);
	}
	printf("%.3f\n", 1000.0 * (double)(clock() - start) / CLOCKS_PER_SEC);
	return 0;
}
