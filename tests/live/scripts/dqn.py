# Learns to play from the screen: a Q network and its slower twin.
import random
from collections import deque

import numpy as np
import tensorflow as tf

ACTIONS = 3
DISCOUNT = 0.98
WAIT = 500.  # frames before learning starts
MEMORY = 20000
BATCH = 16
COPY_EVERY = 250

try:
    tf.mul
except:
    tf.mul = tf.multiply  # its newer name


class Player:

    def __init__(self, actions):
        self.memory = deque(maxlen=MEMORY)
        self.frames = 0
        self.epsilon = 0.1
        self.actions = actions
        self.screen, self.q, self.online = self.network()
        self.screen_t, self.q_t, self.target = self.network()
        self.copy = [slow.assign(fast) for slow, fast in zip(self.target, self.online)]
        self.loss_and_training()

        self.saver = tf.train.Saver()
        self.session = tf.InteractiveSession()
        self.session.run(tf.global_variables_initializer())
        state = tf.train.get_checkpoint_state("players")
        if state and state.model_checkpoint_path:
            self.saver.restore(self.session, state.model_checkpoint_path)
            print("goes on from", state.model_checkpoint_path)

    def network(self):
        # kernels: rows, columns, in, out
        W1 = self.weights([8, 8, 4, 16])
        b1 = self.biases([16])
        W2 = self.weights([4, 4, 16, 32])
        b2 = self.biases([32])
        W3 = self.weights([3, 3, 32, 32])
        b3 = self.biases([32])
        Wf = self.weights([800, 96])
        bf = self.biases([96])
        Wq = self.weights([96, self.actions])
        bq = self.biases([self.actions])

        screen = tf.placeholder("float", [None, 80, 80, 4])
        h1 = tf.nn.relu(self.conv(screen, W1, 4) + b1)
        h1 = self.pool(h1)
        h2 = tf.nn.relu(self.conv(h1, W2, 2) + b2)
        h3 = tf.nn.relu(self.conv(h2, W3, 1) + b3)
        sizes = h3.get_shape().as_list()
        print("features:", sizes[1] * sizes[2] * sizes[3])
        flat = tf.reshape(h3, [-1, 800])
        hf = tf.nn.relu(tf.matmul(flat, Wf) + bf)
        q = tf.matmul(hf, Wq) + bq
        return screen, q, [W1, b1, W2, b2, W3, b3, Wf, bf, Wq, bq]

    def loss_and_training(self):
        self.done = tf.placeholder("float", [None, self.actions])
        self.wanted = tf.placeholder("float", [None])
        chosen = tf.reduce_sum(tf.mul(self.q, self.done), reduction_indices = 1)
        self.cost = tf.reduce_mean(tf.square(self.wanted - chosen))
        self.train = tf.train.RMSPropOptimizer(2.5e-4, 0.99, 0.0, 1e-6).minimize(self.cost)

    def learn(self):
        past = random.sample(list(self.memory), BATCH)
        before, action, reward, after = zip(*past)
        best = self.q_t.eval(feed_dict={self.screen_t: after})
        wanted = [r + DISCOUNT * np.max(q) for r, q in zip(reward, best)]
        self.train.run(feed_dict={self.wanted: wanted, self.done: action, self.screen: before})
        if self.frames % COPY_EVERY == 0:
            self.session.run(self.copy)

    def see(self, frame):
        self.state = np.stack((frame,) * 4, axis = 2)

    def act(self):
        q = self.q.eval(feed_dict = {self.screen: [self.state]})[0]
        action = np.zeros(self.actions)
        if random.random() <= self.epsilon:
            action[random.randrange(self.actions)] = 1
        else:
            action[np.argmax(q)] = 1
        return action

    def weights(self, shape):
        return tf.Variable(tf.truncated_normal(shape, stddev = 0.02))

    def biases(self, shape):
        return tf.Variable(tf.constant(0.01, shape = shape))

    def conv(self, x, W, stride):
        return tf.nn.conv2d(x, W, strides = [1, stride, stride, 1], padding = "SAME")

    def pool(self, x):
        return tf.nn.max_pool(x, ksize = [1, 2, 2, 1], strides = [1, 2, 2, 1], padding = "SAME")


player = Player(ACTIONS)
player.see(np.zeros((80, 80)))
while player.frames < WAIT:
    player.act()
    player.frames += 1
