// SPDX-License-Identifier: Apache-2.0
/** Sampling answers: how a token is chosen, the decoder that many rows share, and the collector that makes a batch. */
package org.sextant.api.rollout;
