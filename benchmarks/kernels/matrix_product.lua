local function matrix(n, seed)
    local rows = {}
    for i = 1, n do
        local row = {}
        for j = 1, n do row[j] = (((i - 1) * 31 + (j - 1) * 17 + seed) % 100) / 10 end
        rows[i] = row
    end
    return rows
end
local function product(a, b, n)
    local out = {}
    for i = 1, n do
        local row, left = {}, a[i]
        for j = 1, n do
            local sum = 0
            for k = 1, n do sum = sum + left[k] * b[k][j] end
            row[j] = sum
        end
        out[i] = row
    end
    return out
end
local n = 200
local m = product(product(matrix(n, 1), matrix(n, 2), n), matrix(n, 3), n)
local trace = 0
for i = 1, n do trace = trace + m[i][i] end
print(string.format("%.3f", trace))
