for (let n = 0; n < 1000; n++) call(n);
