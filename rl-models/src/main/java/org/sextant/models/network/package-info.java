// SPDX-License-Identifier: Apache-2.0
/**
 * Networks that are not our transformer: what a plugin implements so that one is a policy, a reference, a critic or a reward model. Start at {@link
 * org.sextant.models.network.NetworkProvider}; {@link org.sextant.models.network.NetworkModel} makes the rest of it.
 */
package org.sextant.models.network;
