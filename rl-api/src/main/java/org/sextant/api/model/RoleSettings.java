// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.model;

import java.util.Optional;

/**
 * Where the models besides the policy come from that a phase needs, and how they change; what {@link org.sextant.api.algorithm.Needs} does not name is not
 * held whatever stands here.
 *
 * @param critic how a critic is trained; empty where none ever is
 * @param reference what a KL penalty measures from
 * @param rows rows that one step scores at most, for the memory plan
 */
public record RoleSettings(Optional<CriticSettings> critic, ReferenceSettings reference, int rows) {
    /** Every model is what the phase started from, and stays there. */
    public static final RoleSettings FROZEN = new RoleSettings(Optional.empty(), ReferenceSettings.START, 0);
}
