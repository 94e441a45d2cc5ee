// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

/** What becomes of the future's credit at tokens between two choices of the policy (a tool's output, another speaker's turn). */
public enum Holes {
    /** They are not there: credit is carried over them undiminished (verl's gae, NeMo-RL). */
    CARRY,
    /** They are steps with reward 0 and value 0, and each costs a discount (OpenRLHF, TRL). */
    ZERO,
    /** Nothing passes: what comes after is another episode (verl's REINFORCE++ before August 2026). */
    CUT
}
