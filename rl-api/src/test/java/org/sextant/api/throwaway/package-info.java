// SPDX-License-Identifier: Apache-2.0
/**
 * Plugins that exist to prove the seams: each needs one thing that an everyday plugin does not. They are built on
 * {@code rl-api} alone and travel in the test-jar, so that other modules can load them as a user's jar would be loaded.
 */
package org.sextant.api.throwaway;
